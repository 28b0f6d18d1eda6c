import { auditAnchorCommand } from './audit-anchor.command.js';
import { auditArchiveCommand } from './audit-archive.command.js';
import { auditVerifyCommand } from './audit-verify.command.js';
import { bootstrapAdminCommand } from './bootstrap-admin.command.js';
import type { Command } from './command.js';
import { demoLoadCommand } from './demo-load.command.js';
import { errorsDocCommand } from './errors-doc.command.js';
import { importDischargesCommand } from './import-discharges.command.js';
import { keysCheckCommand, keysNewCommand, keysRotateCommand } from './keys.commands.js';
import { migrateCommand } from './migrate.command.js';
import { openApiCommand } from './openapi.command.js';
import { reconcileCommand } from './reconcile.command.js';
import { serverLoginCommand } from './server-login.command.js';

/** Every command; a room adds its own file and a line here. */
export const commands: readonly Command[] = [
  migrateCommand,
  serverLoginCommand,
  demoLoadCommand,
  bootstrapAdminCommand,
  openApiCommand,
  errorsDocCommand,
  reconcileCommand,
  auditVerifyCommand,
  auditAnchorCommand,
  auditArchiveCommand,
  importDischargesCommand,
  keysNewCommand,
  keysRotateCommand,
  keysCheckCommand,
];
