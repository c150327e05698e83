import { Environment } from "@marcbachmann/cel-js";

/** Names of our own, which no expression can use: it is read without them first. */
export const guardName = "guard__";
export const linearMatchName = "matchesLinear__";

const limits = { maxAstNodes: 600, maxDepth: 32 };

/**
 * What an expression may name: `object` and `oldObject`. Numbers of an object are JSON's, so they may be compared and
 * reckoned with ints; where both sides have no fraction, they are ints, as in Kubernetes.
 */
export const readingEnvironment: Environment = withMixedNumbers(
  new Environment({ homogeneousAggregateLiterals: false, limits })
    .registerVariable("object", "dyn")
    .registerVariable("oldObject", "dyn"),
);

function withMixedNumbers(environment: Environment): Environment {
  const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    "/": (a, b) => (areInts(a, b) ? Math.trunc(a / notZero(b)) : a / b),
    "%": (a, b) => a % notZero(b),
  };
  for (const [operator, apply] of Object.entries(operators)) {
    const mixed = (a: unknown, b: unknown): number => apply(Number(a), Number(b));
    environment.registerOperator(`double ${operator} int: dyn`, mixed);
    environment.registerOperator(`int ${operator} double: dyn`, mixed);
  }
  return environment;
}

function areInts(a: number, b: number): boolean {
  return Number.isInteger(a) && Number.isInteger(b);
}

function notZero(divisor: number): number {
  if (divisor === 0) throw new RangeError("division by zero");
  return divisor;
}
