import { Anchors, anchorSheet, ChainKeeper } from '../audit/index.js';
import { Settings } from '../common/config/index.js';
import { type Command, print, withApplication } from './command.js';

export const auditAnchorCommand: Command = {
  name: 'audit-anchor',
  about: 'chain what is final, write an anchor to ANCHOR_DIR and print it as a sheet to be kept outside',
  run: () =>
    withApplication(async (app) => {
      const { poolArea } = app.get(Settings);
      const anchors = app.get(Anchors);
      await app.get(ChainKeeper).sweep();
      const made = await anchors.make(poolArea, 'command line');
      if (made === undefined) {
        print('nothing was chained yet; there is nothing to anchor');
        return 1;
      }
      print(anchorSheet(made.line));
      print(`line:\n${made.line}\n\nfile: ${anchors.file(poolArea)}\npublic key:\n${anchors.publicKey()}`);
      return 0;
    }),
};
