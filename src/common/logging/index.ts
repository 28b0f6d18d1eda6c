export { rootLogger, configureLogger, PinoLoggerService } from './logger.js';
export { mask } from './mask.js';
