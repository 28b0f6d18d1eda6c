export { jobErrors } from './errors.js';
export { JobRuns } from './job-runs.js';
export { JobRunner } from './job-runner.js';
export { JobTicker } from './job-ticker.js';
export { JobsModule } from './jobs.module.js';
export { purgeJob } from './purge-job.js';
export type {
  JobActor,
  JobFault,
  JobHandler,
  JobIdentity,
  JobRequest,
  JobRun,
  JobState,
  JsonObject,
  JsonValue,
} from './job-types.js';
