import { useTranslation } from 'react-i18next';
import { WhatIfPanel } from '../../widgets/WhatIfPanel';

interface Answer {
  lines: { providerId: string; name: string; amount: string; whatIf: string }[];
}

/** Another growth, reserve or income: what every provider's budget would be. */
export function WhatIf({ route }: { route: string }) {
  const { t } = useTranslation();
  return (
    <WhatIfPanel<Answer>
      route={`${route}/what-if`}
      fields={[
        { name: 'growth', label: t('budgets.growth'), placeholder: '1.05' },
        { name: 'reserveRate', label: t('budgets.reserveRate'), placeholder: '0.03' },
        { name: 'income', label: t('budgets.income'), placeholder: '359100000.00' },
      ]}
      body={(values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))}
      compare={(answer) =>
        answer.lines.map((line) => ({
          providerId: line.providerId,
          name: line.name,
          now: line.amount,
          whatIf: line.whatIf,
        }))
      }
    />
  );
}
