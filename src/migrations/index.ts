import { IdentityN1700000000001 } from './0001-identity.js';
import { Ledger1700000000002 } from './0002-ledger.js';
import { EnrolmentProviders1700000000003 } from './0003-enrolment-providers.js';
import { Claims1700000000004 } from './0004-claims.js';
import { Payment1700000000005 } from './0005-payment.js';
import { Benefits1700000000006 } from './0006-benefits.js';
import { Reporting1700000000007 } from './0007-reporting.js';
import { IdentitySecurity1700000000008 } from './0008-identity-security.js';
import { EncryptedColumns1700000000009 } from './0009-encrypted-columns.js';
import { FieldKeys1700000000009 } from './0009-field-keys.js';
import { Audit1700000000010 } from './0010-audit.js';
import { Scale1700000000011 } from './0011-scale.js';
import { Demo1700000000012 } from './0012-demo.js';
import { Operations1700000000013 } from './0013-operations.js';
import type { MigrationClass } from './phase.js';

export { type MigrationClass, type Phase, phaseOf, withPhase } from './phase.js';

/** All migrations in order of their number; one line a room. An explicit list, so that no build step has to find files. */
export const migrations: readonly MigrationClass[] = [
  IdentityN1700000000001,
  Ledger1700000000002,
  EnrolmentProviders1700000000003,
  Claims1700000000004,
  Payment1700000000005,
  Benefits1700000000006,
  Reporting1700000000007,
  IdentitySecurity1700000000008,
  FieldKeys1700000000009,
  EncryptedColumns1700000000009,
  Audit1700000000010,
  Scale1700000000011,
  Demo1700000000012,
  Operations1700000000013,
];
