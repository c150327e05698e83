import type { DeviceAttribute, DeviceSelector } from "#lib/kube/index.ts";
import type { Device } from "./device.ts";
import { AllocationFailedError, NotJudgedError } from "./errors.ts";

/** What an expression sees of a device. */
export interface SelectableDevice {
  readonly driver: string;
  readonly allowMultipleAllocations: boolean;
  readonly attributes: Readonly<Record<string, DeviceAttribute>>;
  /** Quantities as they are written. */
  readonly capacity: Readonly<Record<string, string>>;
}

export type SelectorAnswer =
  | { readonly kind: "answer"; readonly isMatch: boolean }
  /** As kube-scheduler says it: such an error ends the attempt. */
  | { readonly kind: "error"; readonly message: string }
  /** What kube-scheduler makes of it cannot be told. */
  | { readonly kind: "unknown"; readonly reason: string };

/** An expression that is ready to be asked. */
export type CompiledSelector = (device: SelectableDevice) => SelectorAnswer;

/** Makes expressions ready. They are written in CEL; whoever runs the scheduler brings an evaluator along. */
export type SelectorCompiler = (expression: string) => CompiledSelector;

/** Nobody brought one along: no expression is judged. */
export const noSelectors: SelectorCompiler = () => () => ({
  kind: "unknown",
  reason: "expressions are not evaluated here",
});

const mostExpressions = 256;

/** Each expression is made ready once, and asked once about each device, as long as both are there. */
export class Selectors {
  readonly #compile: SelectorCompiler;
  readonly #compiled = new Map<
    string,
    { readonly ask: CompiledSelector; readonly answers: WeakMap<Device, SelectorAnswer> }
  >();

  constructor(compile: SelectorCompiler) {
    this.#compile = compile;
  }

  /**
   * Whether all of them select the device.
   *
   * @param whose for an error: `class gpu`, `claim default/train`
   * @throws AllocationFailedError, NotJudgedError
   */
  match(selectors: readonly DeviceSelector[] | undefined, device: Device, whose: string): boolean {
    return this.excluding(selectors, device, whose) === undefined;
  }

  /** The first expression that does not select the device. @throws AllocationFailedError, NotJudgedError */
  excluding(selectors: readonly DeviceSelector[] | undefined, device: Device, whose: string): string | undefined {
    for (const [index, { cel }] of (selectors ?? []).entries()) {
      const expression = cel?.expression ?? "";
      const answer = this.#answer(expression, device);
      switch (answer.kind) {
        case "answer":
          if (!answer.isMatch) return expression;
          break;
        case "error":
          throw new AllocationFailedError(`${whose}: selector #${index}: CEL runtime error: ${answer.message}`);
        case "unknown":
          throw new NotJudgedError(`what the selector ${expression} of ${whose} says of a device: ${answer.reason}`);
        default:
          return answer satisfies never;
      }
    }
    return undefined;
  }

  #answer(expression: string, device: Device): SelectorAnswer {
    let known = this.#compiled.get(expression);
    if (known === undefined) {
      // Expressions come from objects: what is kept is bounded, and begins anew when it is full.
      if (this.#compiled.size === mostExpressions) this.#compiled.clear();
      known = { ask: this.#compile(expression), answers: new WeakMap() };
      this.#compiled.set(expression, known);
    }
    let answer = known.answers.get(device);
    if (answer === undefined) {
      answer = known.ask(selectable(device));
      known.answers.set(device, answer);
    }
    return answer;
  }
}

function selectable({ driver, isShared, spec }: Device): SelectableDevice {
  const capacity = Object.entries(spec.capacity ?? {}).map(([name, { value }]) => [name, value] as const);
  return {
    driver,
    allowMultipleAllocations: isShared,
    attributes: spec.attributes ?? {},
    capacity: Object.fromEntries(capacity),
  };
}
