/** docs/pictures/schema.svg: the tables by room and by how they are distributed, drawn from docs/schema.txt. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { ROOT } from '../process.mjs';
import { readRooms, ROOM_WORDS } from './rooms.mjs';
import { tidy } from './rooms-picture.mjs';
import { readSchema } from './schema.mjs';

const FONT = "Helvetica, Arial, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif";
/** Colour and words of each class of `table_distribution`. */
const KINDS = {
  person: ['#cfe8d5', 'by person: every key begins with the area and the person'],
  certificate: ['#d9d2f0', 'by certificate: found by the blind index of a number'],
  reference: ['#fbe6b3', 'reference: small, the same everywhere'],
  local: ['#e3e7ec', 'local: written by jobs and staff, never in a settlement'],
};
const ROW = 21;
const WIDTH = 196;
const COLUMN = 7;
/** Floors of the rooms that share a row of the picture, lowest first; `common` and its like stand with the lowest. */
const ROWS = [1, 3, 5];

const cell = (text, colour, width = WIDTH) =>
  `<TD FIXEDSIZE="TRUE" WIDTH="${width}" HEIGHT="${ROW}" BGCOLOR="${colour}"><FONT POINT-SIZE="11">${text}</FONT></TD>`;

/** A room with its tables, in columns of at most eleven. */
function room(name, tables) {
  const columns = Math.ceil(tables.length / COLUMN);
  const height = Math.ceil(tables.length / columns);
  const rows = Array.from({ length: height }, (_, row) => {
    const cells = Array.from({ length: columns }, (_, column) => tables[column * height + row]).map((table) =>
      table === undefined ? cell('', 'white') : cell(label(table), KINDS[table.kind]?.[0] ?? 'white'),
    );
    return `<TR>${cells.join('')}</TR>`;
  });
  const [zh] = ROOM_WORDS[name] ?? [''];
  const head = `<TR><TD COLSPAN="${columns}" FIXEDSIZE="TRUE" WIDTH="${WIDTH * columns}" HEIGHT="26"><FONT POINT-SIZE="14"><B>${name}</B>  ${zh}</FONT></TD></TR>`;
  return `<<TABLE BORDER="1" COLOR="#64748b" BGCOLOR="white" CELLBORDER="0" CELLSPACING="1" CELLPADDING="0">${head}${rows.join('')}</TABLE>>`;
}

const label = ({ name, monthly }) => (monthly ? `${name} ▤` : name);

function legend(kinds) {
  const rows = [...kinds].map(
    (kind) =>
      `<TR><TD FIXEDSIZE="TRUE" WIDTH="20" HEIGHT="${ROW}" BGCOLOR="${KINDS[kind][0]}"></TD>${cell(KINDS[kind][1], 'white', 330)}</TR>`,
  );
  rows.push(
    `<TR><TD FIXEDSIZE="TRUE" WIDTH="20" HEIGHT="${ROW}">▤</TD>${cell('one partition per month', 'white', 330)}</TR>`,
  );
  return `<<TABLE BORDER="0" CELLSPACING="2" CELLPADDING="0">${rows.join('')}</TABLE>>`;
}

function graph({ tables, references }, floors) {
  const rooms = grouped(tables);
  const roomOf = new Map(tables.map((table) => [table.name, table.room]));
  const edges = new Map();
  for (const { from, to } of references) {
    const [one, other] = [roomOf.get(from), roomOf.get(to)];
    if (one !== other && one !== undefined && other !== undefined)
      edges.set(`${other} -> ${one}`, (edges.get(`${other} -> ${one}`) ?? 0) + 1);
  }
  const kinds = Object.keys(KINDS).filter((kind) => tables.some((table) => table.kind === kind));
  return [
    'digraph schema {',
    `rankdir=BT; bgcolor="white"; nodesep=0.3; ranksep=0.55; fontname="${FONT}"; pad=0.25;`,
    `node [shape=plain, fontname="${FONT}", fontcolor="#1f2937"];`,
    `edge [arrowsize=0.65, dir=back, color="#334155", fontname="${FONT}", fontsize=11, fontcolor="#475569"];`,
    ...[...rooms]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, list]) => `"${name}" [label=${room(name, list)}];`),
    ...[...edges].sort(([a], [b]) => a.localeCompare(b)).map(([edge, count]) => `${edge} [label=" ${count}"];`),
    `legend [label=${legend(kinds)}];`,
    ...ranks([...rooms.keys()], floors),
    '}',
  ].join('\n');
}

/** Rows of rooms by floor, held one above the other by edges that are not seen. */
function ranks(rooms, floors) {
  const rowOf = (room) => {
    const floor = floors.findIndex((names) => names.includes(room)) + 1;
    const row = ROWS.findIndex((top) => floor <= top);
    return row < 0 ? ROWS.length : row;
  };
  const rows = Array.from({ length: ROWS.length + 1 }, (_, row) => rooms.filter((room) => rowOf(room) === row).sort());
  const filled = rows.filter((row) => row.length > 0);
  filled.at(-1)?.push('legend');
  return filled.flatMap((row, index) => [
    `{rank=same; ${row.join('; ')}}`,
    ...(index === 0 ? [] : [`${filled[index - 1][0]} -> ${row[0]} [style=invis, weight=9];`]),
  ]);
}

function grouped(tables) {
  const rooms = new Map();
  for (const table of tables) rooms.set(table.room, [...(rooms.get(table.room) ?? []), table]);
  return rooms;
}

/** @returns {Promise<{svg: string, faults: string[]}>} */
export async function drawSchema() {
  const schema = readSchema(readFileSync(join(ROOT, 'docs/schema.txt'), 'utf8'));
  const { floors } = await readRooms();
  const graphviz = await Graphviz.load();
  return { svg: tidy(graphviz.dot(graph(schema, floors))), faults: schema.faults };
}
