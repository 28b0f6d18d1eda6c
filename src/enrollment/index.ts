export { EnrollmentModule } from './enrollment.module.js';
export { type NewPerson, type Person, type PersonFilter, type PersonMark } from './persons.service.js';
export { type Coverage, type CoverageKey } from './coverages.service.js';
export { Roster, type RosterPerson } from './roster.js';
export { type CoverageRequest, type InsuredType, type Scheme, SCHEMES } from './domain/coverage.js';
export { type IdNumber, parseIdNumber, type Sex } from './domain/id-number.js';
