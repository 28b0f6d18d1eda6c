export { type QuotaUse, Quotas } from './quotas.js';
