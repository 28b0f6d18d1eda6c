export { DomainError, type ErrorDetails, isDomainError } from './domain-error.js';
export { defineErrors, type ErrorDefinition, type ErrorKind, registeredErrors } from './registry.js';
