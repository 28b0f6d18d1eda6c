/**
 * Puts a failpoint around every place where a function waits: `await x`, `for await (… of x)` and a promise that an async
 * function returns. The sources know nothing of it; only the test build is made with this.
 *
 *   await x            becomes  await __fp.after('site', (await __fp.before('site'), x))
 *   for await (a of x) becomes  for await (a of __fp.each('site', x))
 *   return promise     becomes  return __fp.after('site', (await __fp.before('site'), promise))
 */
import ts from 'typescript';

const RUNTIME = '__fp';
const { factory: make } = ts;

/**
 * @typedef {object} Site
 * @property {string} id `claims/settlement-lane.ts:119:work`, with `#2` where a line waits twice
 * @property {'await'|'for-await'|'return'} kind
 * @property {string} text what is waited for, shortened
 */

/**
 * @param {{file: string, runtime: string, sites: Site[], isPromise: (node: ts.Expression) => boolean}} given `file` below
 *   src/, `runtime` the import path of the failpoints seen from it, `sites` takes what is found
 * @returns {ts.TransformerFactory<ts.SourceFile>}
 */
export function failpointTransformer({ file, runtime, sites, isPromise }) {
  return (context) => (source) => {
    const used = new Map();
    const site = (kind, node, expression) => {
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
      const base = `${file}:${line}:${functionName(node)}`;
      const count = (used.get(base) ?? 0) + 1;
      used.set(base, count);
      const id = count === 1 ? base : `${base}#${count}`;
      sites.push({ id, kind, text: expression.getText(source).replace(/\s+/g, ' ').slice(0, 90) });
      return make.createStringLiteral(id);
    };
    const visit = (node) => {
      if (ts.isAwaitExpression(node)) {
        const id = site('await', node, node.expression);
        return make.createAwaitExpression(guarded(id, ts.visitNode(node.expression, visit)));
      }
      if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) {
        const id = site('for-await', node, node.expression);
        const over = call('each', [id, ts.visitNode(node.expression, visit)]);
        const body = ts.visitNode(node.statement, visit);
        return make.updateForOfStatement(node, node.awaitModifier, node.initializer, over, body);
      }
      if (ts.isReturnStatement(node) && returnsPromise(node, isPromise)) {
        const id = site('return', node, node.expression);
        return make.updateReturnStatement(node, guarded(id, ts.visitNode(node.expression, visit)));
      }
      return ts.visitEachChild(node, visit, context);
    };
    const changed = ts.visitEachChild(source, visit, context);
    if (used.size === 0) return changed;
    return make.updateSourceFile(changed, [importOf(runtime), ...changed.statements]);
  };
}

function importOf(runtime) {
  const clause = make.createImportClause(
    undefined,
    undefined,
    make.createNamespaceImport(make.createIdentifier(RUNTIME)),
  );
  return make.createImportDeclaration(undefined, clause, make.createStringLiteral(runtime));
}

function call(name, args) {
  const callee = make.createPropertyAccessExpression(make.createIdentifier(RUNTIME), name);
  return make.createCallExpression(callee, undefined, args);
}

function guarded(id, expression) {
  const before = make.createAwaitExpression(call('before', [id]));
  return call('after', [id, make.createParenthesizedExpression(make.createComma(before, expression))]);
}

/** Only outside `try`: inside, waiting for the promise would let the function catch what it does not catch today. */
function returnsPromise(node, isPromise) {
  if (node.expression === undefined || ts.isAwaitExpression(node.expression)) return false;
  for (let outer = node.parent; outer !== undefined; outer = outer.parent) {
    if (ts.isTryStatement(outer)) return false;
    if (ts.isFunctionLike(outer)) return isAsync(outer) && isPromise(node.expression);
  }
  return false;
}

function isAsync(node) {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Async) !== 0;
}

/** The nearest function with a name: a method, a function, or the constant or member a function is given to. */
function functionName(node) {
  for (let outer = node.parent; outer !== undefined; outer = outer.parent) {
    if (!ts.isFunctionLike(outer)) continue;
    const named = outer.name ?? outer.parent?.name;
    if (named !== undefined && (ts.isIdentifier(named) || ts.isPrivateIdentifier(named))) return named.text;
  }
  return 'module';
}
