import { useTranslation } from 'react-i18next';

type Tone = 'done' | 'wait' | 'stop' | 'run' | 'quiet';

const SYMBOL: Record<Tone, string> = { done: '✓', wait: '◔', stop: '✕', run: '▶', quiet: '○' };

const TONES: Record<Tone, readonly string[]> = {
  done: [
    'approved',
    'closed',
    'paid',
    'reconciled',
    'active',
    'in-force',
    'done',
    'finished',
    'succeeded',
    'settled',
    'imported',
    'completed',
    'reasonable',
    'decided',
    'passed',
    'ok',
  ],
  wait: [
    'submitted',
    'reviewed',
    'pending',
    'published',
    'negotiated',
    'proposed',
    'open',
    'prepared',
    'warning',
    'received',
  ],
  stop: [
    'returned',
    'rejected',
    'failed',
    'error',
    'terminated',
    'suspended',
    'blocked',
    'reversed',
    'locked',
    'disabled',
    'refused',
    'unreasonable',
    'ended',
    'expired',
  ],
  run: ['running', 'calculating', 'signed-off', 'sent', 'queued', 'leased', 'importing', 'processing'],
  quiet: ['draft', 'trial', 'cancelled', 'withdrawn', 'planned', 'reversal', 'superseded', 'adjusted'],
};

function toneOf(state: string): Tone {
  for (const tone of Object.keys(TONES) as Tone[]) if (TONES[tone].includes(state)) return tone;
  return 'quiet';
}

/** A state in word, symbol and colour; an unknown state shows its code rather than nothing. */
export function StateTag({ state, text, tone }: { state: string; text?: string; tone?: Tone }) {
  const { t } = useTranslation();
  const chosen = tone ?? toneOf(state);
  return (
    <span className={`state state-${chosen}`}>
      <span aria-hidden="true">{SYMBOL[chosen]}</span>
      {text ?? t(`state.${state}`, { defaultValue: state })}
    </span>
  );
}
