export { Approvals, type ApprovalSubject, type TimelineAct } from './approvals.js';
export { ApprovalsModule } from './approvals.module.js';
export { APPROVAL_STEPS, type ApprovalAct, type ApprovalStep } from './domain/round.js';
export { approvalErrors } from './errors.js';
