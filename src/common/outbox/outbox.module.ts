import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OutboxDispatcher } from './outbox-dispatcher.js';
import { OutboxEventEntity } from './outbox-event.entity.js';
import { OutboxPurgeJob } from './outbox-purge.job.js';
import { Outbox } from './outbox.js';

/** Events between rooms. Needs the schedules of `JobsModule`. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([OutboxEventEntity])],
  providers: [Outbox, OutboxDispatcher, OutboxPurgeJob],
  exports: [Outbox, OutboxDispatcher],
})
export class OutboxModule {}
