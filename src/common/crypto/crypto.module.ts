import { Global, Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Settings } from '../config/index.js';
import { Transactions } from '../db/index.js';
import { Metrics } from '../metrics/index.js';
import { CryptoProvider } from './crypto-provider.js';
import { FieldCrypto } from './field-crypto.js';
import { FieldKeyEntity } from './field-key.entity.js';
import { fileSource, type KeySource, textSource } from './key-file.js';
import { KeyRotation } from './key-rotation.js';
import { RotationJob } from './rotation.job.js';
import { KeyRing, type WithQueries } from './key-ring.js';
import { SoftwareProvider } from './software-provider.js';

/** Where this installation keeps its field keys. */
export function keySourceOf(settings: Settings): KeySource {
  return settings.fieldKeys === '' ? fileSource(settings.fieldKeysFile) : textSource('FIELD_KEYS', settings.fieldKeys);
}

/** Encryption outside the application, e.g. in a migration, over a connection of the caller. */
export function fieldCryptoOf(settings: Settings, withQueries: WithQueries): FieldCrypto {
  const provider = new SoftwareProvider();
  return new FieldCrypto(provider, new KeyRing(provider, keySourceOf(settings), withQueries), new Metrics());
}

// The keys are there and right before the first request, or the process does not start.
@Injectable()
class KeysAtStart implements OnModuleInit {
  constructor(private readonly ring: KeyRing) {}

  async onModuleInit(): Promise<void> {
    await this.ring.load();
  }
}

/** Encryption of single columns. A cryptographic machine would take the place of `SoftwareProvider` here. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([FieldKeyEntity])],
  providers: [
    { provide: CryptoProvider, useClass: SoftwareProvider },
    {
      provide: KeyRing,
      inject: [CryptoProvider, Settings, Transactions],
      useFactory: (provider: CryptoProvider, settings: Settings, transactions: Transactions) =>
        new KeyRing(provider, keySourceOf(settings), (work) => transactions.autocommit(work)),
    },
    FieldCrypto,
    KeysAtStart,
    KeyRotation,
    RotationJob,
  ],
  exports: [FieldCrypto, KeyRotation],
})
export class CryptoModule {}
