export { rootLogger, configureLogger, logProcessEvents, PinoLoggerService } from './logger.js';
export { mask } from './mask.js';
