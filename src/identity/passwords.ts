import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { argon2id, hash, verify } from 'argon2';
import { DomainError } from '../common/errors/index.js';
import { isAcceptablePassword } from './domain/password-rule.js';
import { identityErrors } from './errors.js';

/** OWASP's first choice for Argon2id: 19 MiB, two passes, one lane; about 40 ms here. */
const COST = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashes and checks passwords. */
@Injectable()
export class Passwords {
  // Of a password nobody has: an unknown user costs the same time as a wrong password (ASVS 6.3.8).
  private readonly nobody: Promise<string> = hash(randomBytes(32), COST);

  hash(password: string): Promise<string> {
    return hash(password, COST);
  }

  /** Whether the password fits; `undefined` stands for an unknown user and takes the same time. */
  async matches(stored: string | undefined, password: string): Promise<boolean> {
    const fits = await verify(stored ?? (await this.nobody), password);
    return fits && stored !== undefined;
  }

  /** Hashes a password that a person chose. Error `identity.password-weak`. */
  async hashChosen(password: string, username: string): Promise<string> {
    if (!isAcceptablePassword(password, username)) throw new DomainError(identityErrors['password-weak']);
    return this.hash(password);
  }
}
