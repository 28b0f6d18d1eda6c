import { useTranslation } from 'react-i18next';
import { WhatIfPanel } from '../../widgets/WhatIfPanel';

interface Answer {
  lines: { providerId: string; name: string; payable: string; whatIfPayable: string }[];
}

interface Band {
  upTo?: string;
  share: string;
}

/** "0.02:0.5, 0.04:0.4, 0" – bands as share of the budget : share of the fund; a last one without bound goes on for ever. */
function bandsOf(text: string): Band[] {
  return text
    .split(/[,，]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [first = '', second] = part.split(/[:：]/).map((piece) => piece.trim());
      return second === undefined ? { share: first } : { upTo: first, share: second };
    });
}

/** Other bands, or no quality conditions: what the fund would owe every provider. */
export function WhatIf({ route }: { route: string }) {
  const { t } = useTranslation();
  return (
    <WhatIfPanel<Answer>
      route={`${route}/what-if`}
      fields={[
        { name: 'overspend', label: t('clearings.overspendBands'), placeholder: '0.05:0.4, 0.1:0.2, 0' },
        { name: 'saving', label: t('clearings.savingBands'), placeholder: '0.05:0.5, 0.1:0.8, 0.5' },
        {
          name: 'quality',
          label: t('clearings.qualityConditions'),
          options: [
            { value: '', label: t('clearings.qualityKept') },
            { value: 'false', label: t('clearings.qualityDropped') },
          ],
        },
      ]}
      body={(values) => ({
        ...((values['overspend'] ?? '') === '' ? {} : { overspend: bandsOf(values['overspend'] ?? '') }),
        ...((values['saving'] ?? '') === '' ? {} : { saving: bandsOf(values['saving'] ?? '') }),
        ...(values['quality'] === 'false' ? { quality: false } : {}),
      })}
      compare={(answer) =>
        answer.lines.map((line) => ({
          providerId: line.providerId,
          name: line.name,
          now: line.payable,
          whatIf: line.whatIfPayable,
        }))
      }
    />
  );
}
