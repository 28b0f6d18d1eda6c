import type { CatalogueRecord, ItemKind } from '../../catalogue/index.js';
import { fen } from '../../common/money/index.js';
import { parseLocalDate } from '../../common/time/index.js';
import type { Random } from './random.js';

/** What an item is used for on a bill. */
export type ItemUse =
  | 'consultation'
  | 'bed'
  | 'nursing'
  | 'laboratory'
  | 'imaging'
  | 'treatment'
  | 'operation'
  | 'drug'
  | 'chronic-drug'
  | 'special-drug'
  | 'consumable';

/** An item of the made-up catalogue with its use. Codes begin with X: they are nobody's national codes. */
export interface DemoItem extends CatalogueRecord {
  readonly use: ItemUse;
}

interface Family {
  readonly use: ItemUse;
  readonly kind: ItemKind;
  readonly prefix: string;
  readonly unit: string;
  readonly count: number;
  /** Price in fen, from and to. */
  readonly price: readonly [number, number];
  /** Chance of 甲 and of 丙, per mille; the rest is 乙. */
  readonly a: number;
  readonly c: number;
  readonly special?: string;
  readonly names: readonly string[];
}

const STEMS = [
  '安瑞',
  '康宁',
  '舒平',
  '诺达',
  '泽欣',
  '立普',
  '恩清',
  '博维',
  '佳乐',
  '和畅',
  '益元',
  '通络',
  '润肺',
  '护心',
  '健脾',
];
const FORMS = ['片', '胶囊', '注射液', '颗粒', '口服液', '缓释片'];
const DRUG_NAMES = STEMS.flatMap((stem) => FORMS.map((form) => `${stem}${form}`));
const TESTS = [
  '血常规',
  '尿常规',
  '肝功能',
  '肾功能',
  '血脂',
  '血糖',
  '电解质',
  '凝血',
  '心肌标志物',
  '甲状腺功能',
  '肿瘤标志物',
  '细菌培养',
];
const TESTS_OF = ['测定', '五项', '八项', '全套'];

const FAMILIES: readonly Family[] = [
  {
    use: 'consultation',
    kind: 'service',
    prefix: 'XS11',
    unit: '次',
    count: 4,
    price: [1000, 3500],
    a: 1000,
    c: 0,
    special: 'consultation',
    names: ['普通门诊诊查费', '副主任医师诊查费', '主任医师诊查费', '住院诊查费'],
  },
  {
    use: 'bed',
    kind: 'service',
    prefix: 'XS12',
    unit: '日',
    count: 6,
    price: [3000, 8000],
    a: 600,
    c: 0,
    names: ['普通床位费', '层流洁净病房床位费', '监护病房床位费', '抢救床位费', '母婴同室床位费', '康复病房床位费'],
  },
  {
    use: 'nursing',
    kind: 'service',
    prefix: 'XS13',
    unit: '日',
    count: 6,
    price: [1200, 9000],
    a: 900,
    c: 0,
    names: ['三级护理', '二级护理', '一级护理', '特级护理', '重症监护', '新生儿护理'],
  },
  {
    use: 'laboratory',
    kind: 'service',
    prefix: 'XS25',
    unit: '次',
    count: 48,
    price: [800, 18000],
    a: 700,
    c: 40,
    names: TESTS.flatMap((test) => TESTS_OF.map((form) => `${test}${form}`)),
  },
  {
    use: 'imaging',
    kind: 'service',
    prefix: 'XS21',
    unit: '次',
    count: 16,
    price: [6000, 62000],
    a: 200,
    c: 60,
    names: [
      '胸部X线摄影',
      '腹部彩超',
      '心脏彩超',
      '头颅CT平扫',
      '胸部CT平扫',
      '腹部CT增强',
      '头颅磁共振',
      '脊柱磁共振',
      '冠脉CTA',
      '骨密度测定',
      '胃镜检查',
      '肠镜检查',
      '动态心电图',
      '脑电图',
      '肺功能',
      '肌电图',
    ],
  },
  {
    use: 'treatment',
    kind: 'service',
    prefix: 'XS31',
    unit: '次',
    count: 24,
    price: [500, 16000],
    a: 550,
    c: 80,
    names: [
      '静脉输液',
      '静脉注射',
      '雾化吸入',
      '氧气吸入',
      '换药',
      '导尿',
      '针刺',
      '艾灸',
      '推拿',
      '关节松动训练',
      '运动疗法',
      '作业疗法',
      '血液透析',
      '血液滤过',
      '心电监护',
      '洗胃',
      '封闭治疗',
      '光疗',
      '牵引',
      '石膏固定',
      '康复评定',
      '认知训练',
      '中药熏洗',
      '穴位贴敷',
    ],
  },
  {
    use: 'operation',
    kind: 'service',
    prefix: 'XS33',
    unit: '例',
    count: 30,
    price: [60000, 480000],
    a: 350,
    c: 30,
    names: [
      '阑尾切除术',
      '疝修补术',
      '胆囊切除术',
      '白内障超声乳化',
      '剖宫产术',
      '骨折切开复位',
      '关节置换术',
      '椎间盘摘除术',
      '甲状腺部分切除',
      '乳腺肿物切除',
      '痔切除术',
      '输尿管镜碎石',
      '前列腺电切',
      '子宫肌瘤剔除',
      '扁桃体切除',
    ].flatMap((name) => [name, `腔镜下${name}`]),
  },
  {
    use: 'drug',
    kind: 'drug',
    prefix: 'XD10',
    unit: '盒',
    count: 190,
    price: [400, 26000],
    a: 380,
    c: 90,
    names: DRUG_NAMES,
  },
  {
    use: 'chronic-drug',
    kind: 'drug',
    prefix: 'XD20',
    unit: '盒',
    count: 20,
    price: [900, 7800],
    a: 600,
    c: 0,
    special: 'two-disease',
    names: DRUG_NAMES.slice(40),
  },
  {
    use: 'special-drug',
    kind: 'drug',
    prefix: 'XD30',
    unit: '支',
    count: 8,
    price: [180000, 980000],
    a: 0,
    c: 0,
    special: 'special-drug',
    names: [
      '靶向一号注射液',
      '靶向二号注射液',
      '靶向三号片',
      '免疫一号注射液',
      '免疫二号注射液',
      '罕见病一号注射液',
      '罕见病二号胶囊',
      '靶向四号胶囊',
    ],
  },
  {
    use: 'consumable',
    kind: 'consumable',
    prefix: 'XC40',
    unit: '件',
    count: 50,
    price: [600, 360000],
    a: 120,
    c: 160,
    names: ['缝合线', '留置针', '引流管', '导管', '支架', '球囊', '骨板', '螺钉', '人工晶体', '补片'].flatMap((name) =>
      ['I型', 'II型', 'III型', 'IV型', 'V型'].map((type) => `${name}${type}`),
    ),
  },
];

const SELFPAY_RATES = ['0.03', '0.05', '0.05', '0.10', '0.10', '0.15', '0.20'];

/** Makes the catalogue: about 400 items 甲 / 乙 / 丙, some with price ceilings by level, valid since 2011. */
export function generateCatalogue(random: Random): DemoItem[] {
  return FAMILIES.flatMap((family) =>
    Array.from({ length: family.count }, (_, index) => oneItem(random, family, index)),
  );
}

function oneItem(random: Random, family: Family, index: number): DemoItem {
  const round = Math.floor(index / family.names.length);
  const name = family.names[index % family.names.length] ?? '';
  const draw = random.int(1, 1000);
  const itemClass = draw <= family.a ? 'A' : draw > 1000 - family.c ? 'C' : 'B';
  const price = priceOf(random, family.price);
  return {
    code: `${family.prefix}${String(index + 1).padStart(4, '0')}`,
    kind: family.kind,
    name: round === 0 ? name : `${name}（规格${String(round + 1)}）`,
    unit: family.unit,
    class: itemClass,
    selfpayRate: itemClass === 'A' ? '0' : itemClass === 'C' ? '1' : random.pick(SELFPAY_RATES),
    referencePrice: fen(price),
    special: family.special ?? null,
    validFrom: parseLocalDate('2011-01-01'),
    validTo: null,
    ceilings: itemClass !== 'C' && random.chance(family.kind === 'consumable' ? 700 : 220) ? ceilingsOf(price) : [],
    use: family.use,
  };
}

// Cheap items are many and dear ones few: the lower of two draws.
function priceOf(random: Random, [low, high]: readonly [number, number]): number {
  const price = Math.min(random.int(low, high), random.int(low, high));
  return price - (price % 10);
}

function ceilingsOf(price: number): CatalogueRecord['ceilings'] {
  const at = (permille: number): number => Math.max(100, Math.round((price * permille) / 1000));
  return [
    { priceLevel: 'tertiary', ceiling: fen(at(1020)) },
    { priceLevel: 'secondary', ceiling: fen(at(960)) },
    { priceLevel: 'primary', ceiling: fen(at(900)) },
  ];
}
