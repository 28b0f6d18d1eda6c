export { createAdapter, StrictFastifyAdapter } from './adapter.js';
export { attachment } from './attachment.js';
export { HttpError, httpErrors } from './http-error.js';
export { type Page, type PageQuery, pageOf, PageQueryDto } from './page.js';
export { ProblemFilter, sendProblem } from './problem.filter.js';
export { type Problem, STATUS, translateFaults } from './problem.js';
export { currentContext, type Language, type RequestContext } from './request-context.js';
export { type ServedRoute, ServedRoutes } from './served-routes.js';
export { compileSchema, type SchemaCheck } from './schema.js';
export { validationPipe } from './validation.js';
export {
  AmountField,
  ChoiceField,
  DayField,
  IdField,
  IntegerField,
  ListField,
  MonthField,
  NestedField,
  ReasonField,
  FlagField,
  TextField,
} from './fields.js';
