import type { Random } from './random.js';

/** Surnames with their weight; 蓝, 雷 and 钟 are frequent among the She people of the region. */
const SURNAMES: readonly (readonly [string, number])[] = [
  ['王', 70],
  ['陈', 68],
  ['李', 60],
  ['张', 58],
  ['叶', 55],
  ['吴', 50],
  ['刘', 42],
  ['周', 40],
  ['徐', 38],
  ['林', 36],
  ['胡', 30],
  ['朱', 28],
  ['杨', 28],
  ['黄', 27],
  ['潘', 24],
  ['郑', 24],
  ['毛', 22],
  ['季', 20],
  ['蓝', 26],
  ['雷', 22],
  ['钟', 14],
  ['项', 14],
  ['沈', 14],
  ['梅', 12],
  ['夏', 12],
  ['邱', 10],
  ['留', 9],
  ['麻', 8],
  ['柳', 8],
  ['章', 8],
  ['应', 8],
  ['卢', 8],
  ['丁', 8],
  ['蒋', 7],
  ['尹', 5],
  ['鲍', 5],
  ['阙', 4],
  ['练', 4],
  ['欧阳', 2],
  ['上官', 1],
];

const MALE = '伟强军勇杰涛明超亮刚平辉鹏飞斌波宇浩凯健俊峰建国志文海龙春林永福荣贵清德金水松柏山川江宏博毅';
const FEMALE = '芳娟敏静丽艳霞秀玲桂英红燕梅兰香月莲琴云珍爱华婷雪慧佳怡颖倩蓉琳娜妍欣雅诗洁晶露萍凤菊';
const EITHER = '晓文子宁安乐思雨晨新一小中天心';

/** Names that systems like to damage: characters outside the Basic Multilingual Plane, and rare ones inside it. */
const RARE_GIVEN: readonly string[] = ['𬱖', '𬭎', '𫍯', '𪣻', '𬍛', '𠅤', '䶮', '㛃', '𬱖𬭎', '堃', '喆', '犇', '垚'];

const MALE_CHARACTERS = Array.from(MALE);
const FEMALE_CHARACTERS = Array.from(FEMALE);
const EITHER_CHARACTERS = Array.from(EITHER);
const SURNAME_POOL: readonly string[] = SURNAMES.flatMap(([name, weight]) =>
  Array.from({ length: weight }, () => name),
);

/** A made-up name. Three in a thousand hold a rare character. */
export function personName(random: Random, sex: '1' | '2'): string {
  const surname = random.pick(SURNAME_POOL);
  if (random.chance(3)) return surname + random.pick(RARE_GIVEN);
  const own = sex === '1' ? MALE_CHARACTERS : FEMALE_CHARACTERS;
  const first = random.chance(250) ? random.pick(EITHER_CHARACTERS) : random.pick(own);
  return surname + first + (random.chance(820) ? random.pick(own) : '');
}
