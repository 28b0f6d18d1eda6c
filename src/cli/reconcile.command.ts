import { Reconciliation, reportText } from '../reporting/reconcile/index.js';
import { type Command, print, withApplication } from './command.js';

export const reconcileCommand: Command = {
  name: 'reconcile',
  about: 'prove that bills, books and payments agree; exit 1 on any difference',
  run: () =>
    withApplication(async (app) => {
      const reconciliation = app.get(Reconciliation);
      let consistent = true;
      for (const poolArea of await reconciliation.pools()) {
        const findings = await reconciliation.check(poolArea);
        print(reportText(poolArea, findings));
        consistent &&= findings.every(({ count }) => count === 0);
      }
      return consistent ? 0 : 1;
    }),
};
