export { Outbox } from './outbox.js';
export { OutboxDispatcher } from './outbox-dispatcher.js';
export { OutboxModule } from './outbox.module.js';
export type { OutboxEvent, OutboxHandler, OutboxMessage } from './outbox-types.js';
