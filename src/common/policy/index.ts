export { type Dated, firstOverlap, inForce, isInForce } from './dated.js';
export { policyErrors } from './errors.js';
export { checkPolicy, overlay, parsePolicyYaml, type PolicyFile, readPolicies } from './files.js';
export { canonicalJson, type Json, policyVersion } from './version.js';
