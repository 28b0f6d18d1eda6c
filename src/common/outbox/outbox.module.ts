import { Global, Module } from '@nestjs/common';
import { OutboxDispatcher } from './outbox-dispatcher.js';
import { Outbox } from './outbox.js';

/** Events between rooms. Needs the schedules of `JobsModule`. */
@Global()
@Module({ providers: [Outbox, OutboxDispatcher], exports: [Outbox, OutboxDispatcher] })
export class OutboxModule {}
