import { Global, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Settings } from '../config/index.js';
import { JobRunEntity, JobUnitEntity } from './job-run.entity.js';
import { JobRunner } from './job-runner.js';
import { JobRuns } from './job-runs.js';
import { JobTicker } from './job-ticker.js';

/** The frame in which every job runs, and the schedules that start them (off with SCHEDULES=off). */
@Global()
@Module({
  imports: [
    TypeOrmModule.forFeature([JobRunEntity, JobUnitEntity]),
    ScheduleModule.forRootAsync({
      inject: [Settings],
      useFactory: ({ schedules }: Settings) => ({ cronJobs: schedules, intervals: schedules, timeouts: schedules }),
    }),
  ],
  providers: [JobRuns, JobRunner, JobTicker],
  exports: [JobRuns, JobRunner, JobTicker],
})
export class JobsModule {}
