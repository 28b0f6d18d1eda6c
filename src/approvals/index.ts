export { Approvals, type ApprovalSubject, type TimelineAct } from './approvals.js';
export { ApprovalsModule } from './approvals.module.js';
export { type ApprovalAct, type ApprovalStep } from './domain/round.js';
