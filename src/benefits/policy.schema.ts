/** JSON Schema (2020-12) of a benefit policy file; docs/policy-guide.md explains it. What it cannot see, `compilePolicy` checks. */
const yuan = {
  anyOf: [
    { type: 'number', minimum: 0 },
    { type: 'string', pattern: '^\\d{1,12}(\\.\\d{1,2})?$' },
  ],
};
const ratio = {
  anyOf: [
    { type: 'number', minimum: 0, maximum: 1 },
    { type: 'string', pattern: '^\\d{1,3}(\\.\\d{1,6})?%?$' },
  ],
};
const day = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' };
const text = { type: 'string', minLength: 1 };
const flag = { type: 'boolean' };
const listOf = (items: object) => ({ type: 'array', minItems: 1, uniqueItems: true, items });
const oneOf = (...values: string[]) => ({ type: 'string', enum: values });

const category = oneOf('outpatient', 'chronic', 'inpatient', 'pharmacy');
const level = oneOf('tertiary', 'secondary', 'primary');
const place = oneOf('in-pool', 'out-filed', 'out-unfiled');
const referral = oneOf('none', 'referred', 'emergency', 'not-needed');
const piece = oneOf('inscope', 'preselfpay', 'overlimit', 'ownpay');

/** An object without members that it does not name. */
function strict(properties: Record<string, object>, required: string[]): object {
  return { type: 'object', additionalProperties: false, properties, required };
}

function perLevel(value: object): object {
  return strict({ tertiary: value, secondary: value, primary: value }, ['tertiary', 'secondary', 'primary']);
}

function bandsOf(ratioSchema: object): object {
  return { type: 'array', minItems: 1, items: strict({ upTo: yuan, ratio: ratioSchema }, ['ratio']) };
}

const words = strict({ zh: text, en: text }, ['zh', 'en']);
const who = {
  insuredTypes: listOf(oneOf('employed', 'retired', 'adult', 'student', 'newborn')),
  marks: listOf(text),
  minAge: { type: 'integer', minimum: 0, maximum: 120 },
};

const deductible = strict(
  {
    kind: oneOf('per-admission', 'cumulative', 'shared'),
    amounts: strict({ 'in-pool': perLevel(yuan), 'out-filed': perLevel(yuan), 'out-unfiled': perLevel(yuan) }, [
      'in-pool',
    ]),
    admissionShares: { type: 'array', minItems: 1, items: ratio },
    annualCap: yuan,
    referral: strict({ up: oneOf('difference', 'full', 'none'), down: oneOf('difference', 'full', 'none') }, [
      'up',
      'down',
    ]),
    reliefs: { type: 'array', items: strict({ ...who, share: ratio, clause: text }, ['share', 'clause']) },
    clause: text,
  },
  ['kind', 'clause'],
);

const tiers = strict(
  {
    by: oneOf('bill-inscope', 'cumulative-inscope', 'cumulative-paid'),
    deductibleInsideBands: flag,
    bands: bandsOf({ anyOf: [...ratio.anyOf, perLevel(ratio)] }),
    clause: text,
  },
  ['by', 'bands', 'clause'],
);

const plan = strict(
  {
    name: words,
    for: strict(
      {
        ...who,
        categories: listOf(category),
        tags: listOf(text),
        chronicCodes: listOf(text),
        levels: listOf(level),
      },
      [],
    ),
    accumulator: oneOf('inpatient', 'outpatient', 'disease', 'own'),
    deductible,
    tiers,
    bonuses: {
      type: 'array',
      items: strict({ ...who, levels: listOf(level), points: ratio, clause: text }, ['points', 'clause']),
    },
    perVisitLimit: yuan,
    annualLimit: { anyOf: [...yuan.anyOf, { type: 'object', additionalProperties: yuan }] },
    countsTowardsCeiling: flag,
    countsTowardsCatastrophic: flag,
    independent: flag,
    clause: text,
  },
  ['name', 'for', 'accumulator', 'clause'],
);

const outOfArea = strict(
  {
    from: day,
    to: day,
    places: listOf(place),
    referrals: listOf(referral),
    categories: listOf(category),
    levels: listOf(level),
    style: oneOf('share-first', 'ratio-cut', 'refuse'),
    value: ratio,
    exceptEmergency: flag,
    exceptMarks: listOf(text),
    clause: text,
  },
  ['places', 'style', 'clause'],
);

const catastrophic = strict(
  {
    fund: oneOf('hifmi', 'hifob', 'oth'),
    counts: listOf(piece),
    threshold: yuan,
    bandsOn: oneOf('burden', 'excess'),
    bands: bandsOf(ratio),
    annualCap: yuan,
    special: {
      type: 'array',
      items: strict({ ...who, thresholdShare: ratio, points: ratio, noCap: flag, clause: text }, ['clause']),
    },
    clause: text,
  },
  ['counts', 'threshold', 'bandsOn', 'bands', 'clause'],
);

const whoAndWhat = strict({ ...who, categories: listOf(category) }, []);

export const benefitPolicySchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Benefit policy of a pool area and scheme',
  ...strict(
    {
      kind: { const: 'benefits' },
      id: { type: 'string', pattern: '^[0-9a-z][0-9a-z-]{2,60}$' },
      region: { type: 'string', pattern: '^\\d{6}$' },
      scheme: oneOf('310', '390'),
      validFrom: day,
      validTo: day,
      title: words,
      sources: {
        type: 'array',
        minItems: 1,
        items: strict({ name: text, article: text, note: text }, ['name']),
      },
      lines: strict(
        {
          clause: text,
          hospitalBears: strict(
            { overLimitWithoutConsent: flag, ownPayWithoutConsent: flag, refusedByReview: flag },
            [],
          ),
        },
        ['clause'],
      ),
      outOfArea: { type: 'array', items: outOfArea },
      plans: { type: 'object', minProperties: 1, additionalProperties: plan },
      ceiling: strict({ annual: yuan, clause: text }, ['annual', 'clause']),
      largeAmount: strict({ bands: bandsOf(ratio), annualCap: yuan, cutApplies: flag, clause: text }, [
        'bands',
        'clause',
      ]),
      catastrophic,
      supplements: {
        type: 'array',
        items: strict(
          {
            fund: oneOf('cvlserv', 'hifes'),
            for: whoAndWhat,
            base: listOf(oneOf('inscope', 'preselfpay')),
            ratio,
            annualCap: yuan,
            clause: text,
          },
          ['fund', 'for', 'base', 'ratio', 'clause'],
        ),
      },
      assistance: {
        type: 'array',
        items: strict({ for: whoAndWhat, ratio, annualCap: yuan, clause: text }, ['for', 'ratio', 'clause']),
      },
      account: strict({ covers: listOf(piece), categories: listOf(category), clause: text }, ['covers', 'clause']),
      eligibility: strict(
        {
          newbornGraceDays: { type: 'integer', minimum: 0, maximum: 366 },
          emergencyDespiteSuspension: flag,
          physicianRequired: { type: 'array', uniqueItems: true, items: category },
          clause: text,
        },
        ['newbornGraceDays', 'emergencyDespiteSuspension', 'physicianRequired', 'clause'],
      ),
    },
    ['kind', 'id', 'region', 'scheme', 'validFrom', 'title', 'sources', 'lines', 'plans', 'eligibility'],
  ),
};
