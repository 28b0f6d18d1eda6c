export { EnrollmentModule } from './enrollment.module.js';
export { type NewPerson, type Person, type PersonFilter, type PersonMark, Persons } from './persons.service.js';
export { type Coverage, type CoverageKey, Coverages } from './coverages.service.js';
export { Roster, type RosterPerson } from './roster.js';
export { CoverageEntity } from './coverage.entity.js';
export { PersonEntity, PersonMarkEntity } from './person.entity.js';
export {
  type CoverageRequest,
  IDENTITY_MARKS,
  INSURED_TYPES,
  type InsuredType,
  type Scheme,
  SCHEMES,
} from './domain/coverage.js';
export { type IdNumber, maskIdNo, parseIdNumber, type Sex } from './domain/id-number.js';
export { parseName } from './domain/name.js';
