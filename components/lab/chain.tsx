"use client";
import { useEffect, useId, useRef, type SVGProps } from "react";
import { diamond } from "#components/queue/geometry.model.ts";
import { classNames } from "#components/ui/index.ts";
import type { Chain, ChainCell, Hint, Pointer } from "./chain.model.ts";
import styles from "./chain.module.css";

export interface ChainPictureProps {
  readonly scheme: "historical" | "current";
  readonly chain: Chain;
  readonly uid: string | undefined;
  readonly onChoose: (uid: string) => void;
}

const height = 198;
/** Middle line of the list. */
const y = 112;
const tile = 34;
const half = 18;

/** The list with what the pod that is looked at makes of it. */
export function ChainPicture({ scheme, chain, uid, onChoose }: ChainPictureProps) {
  const hatch = useId();
  const scroller = useRef<HTMLElement>(null);
  const { width, cells, goneTo, headX, tailX, windowFrom, focus } = chain;
  const anchor = focus?.x ?? windowFrom ?? tailX ?? 0;
  useEffect(() => {
    const box = scroller.current;
    if (box !== null) box.scrollLeft = anchor < box.clientWidth - 120 ? 0 : anchor - 90;
  }, [anchor]);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long list scrolls, also by keys
    <section ref={scroller} className={styles.scroller} tabIndex={0} aria-label={chain.summary}>
      <svg className={styles.chain} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        <defs>
          <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <path d="M0 0v6" className={styles.hatch} />
          </pattern>
        </defs>
        {goneTo !== undefined && (
          <>
            <rect x={6} y={72} width={goneTo - 10} height={96} rx={6} fill={`url(#${hatch})`} />
            <text x={goneTo / 2} y={188} className={styles.middle}>
              {chain.goneLabel}
            </text>
          </>
        )}
        {windowFrom !== undefined && (
          <>
            <rect x={windowFrom} y={62} width={width - windowFrom - 6} height={106} rx={6} className={styles.window} />
            <path d={`M${windowFrom} 70V88M${windowFrom} 136V168`} className={styles.edge} />
            <WindowLabel from={windowFrom} width={width} text={chain.windowLabel} />
          </>
        )}
        {chain.links.map((x) => (
          <path key={x} d={linkAt(x, chain.pitch)} className={styles.link} />
        ))}
        {cells.map((cell) => (
          <Cell key={cell.key} cell={cell} isLooked={cell.uid !== undefined && cell.uid === uid} onChoose={onChoose} />
        ))}
        {headX !== undefined && (
          <text x={headX} y={188} className={styles.middle}>
            {headX === tailX ? "head, tail" : "head"}
          </text>
        )}
        {tailX !== undefined && tailX !== headX && (
          <text x={tailX} y={188} className={styles.middle}>
            tail
          </text>
        )}
        {chain.startX !== undefined && (
          <>
            <path d={`M${chain.startX} 92V132`} className={styles.start} />
            <text x={chain.startX} y={146} className={styles.middle}>
              start
            </text>
          </>
        )}
        {chain.others.map((pointer, index) => (
          <SmallPointer key={pointer.uid} pointer={pointer} index={index} onChoose={onChoose} />
        ))}
        {focus !== undefined && <BigPointer pointer={focus} />}
        {chain.unseen !== undefined && <Unseen {...chain.unseen} width={width} />}
        <Captions chain={chain} scheme={scheme} />
        {chain.undrawn > 0 && (
          <text x={width - 14} y={16} className={styles.end}>
            {chain.undrawn} more in the middle
          </text>
        )}
      </svg>
    </section>
  );
}

interface WindowLabelProps {
  readonly from: number;
  readonly width: number;
  readonly text: string;
}

/** In the window, or before it where that is too narrow. */
function WindowLabel({ from, width, text }: WindowLabelProps) {
  const isBefore = width - from < 190;
  return (
    <text x={isBefore ? from - 8 : from + 8} y={80} className={classNames(styles.windowLabel, isBefore && styles.end)}>
      {text}
    </text>
  );
}

/** The two arrows between neighbours; where there is little room, only their shafts. */
function linkAt(x: number, pitch: number): string {
  const half = (pitch - tile) / 2 - 5;
  if (half < 6) return `M${x - 4} ${y - 3}h8M${x + 4} ${y + 3}h-8`;
  return `M${x - half} ${y - 3}h${2 * half}m-3-2.4 3 2.4-3 2.4M${x + half} ${y + 3}h${-2 * half}m3-2.4-3 2.4 3 2.4`;
}

interface CellProps {
  readonly cell: ChainCell;
  readonly isLooked: boolean;
  readonly onChoose: (uid: string) => void;
}

function Cell({ cell, isLooked, onChoose }: CellProps) {
  const { x, text, kind, uid, isGone, hint, references, name } = cell;
  const look = classNames(styles.cell, isGone && styles.gone, isLooked && styles.looked, hint && styles[hint]);
  const press = uid !== undefined && !isGone ? pressing(name, isLooked, () => onChoose(uid)) : {};
  return (
    <g className={look} data-testid={`lab-cell-${text}`} {...press}>
      <title>{name}</title>
      {kind === "pod" ? (
        <path d={diamond(x, y, half)} />
      ) : (
        <rect x={x - tile / 2} y={y - tile / 2} width={tile} height={tile} rx={6} />
      )}
      <text x={x} y={y + 4.3} className={kind === "pod" ? styles.letter : styles.name}>
        {text}
      </text>
      {hint !== undefined && <HintMark hint={hint} x={x} />}
      {references !== undefined && (
        <text x={x} y={hint === undefined ? 146 : 166} className={styles.references}>
          {references}
        </text>
      )}
    </g>
  );
}

/** What makes a drawing a button that chooses a pod. */
function pressing(name: string, isPressed: boolean, choose: () => void): SVGProps<SVGGElement> {
  return {
    role: "button",
    tabIndex: 0,
    "aria-label": name,
    "aria-pressed": isPressed,
    onClick: choose,
    onKeyDown: (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose();
    },
  };
}

const hintText = { decides: "Queue", queue: "Queue", skip: "Skip", none: "no hint" } as const satisfies Record<
  Hint,
  string
>;

function HintMark({ hint, x }: { readonly hint: Hint; readonly x: number }) {
  return (
    <>
      {hint !== "none" && <rect x={x - 20} y={136} width={40} height={17} rx={4} className={styles.hint} />}
      <text x={x} y={148.3} className={styles.hintText}>
        {hintText[hint]}
      </text>
    </>
  );
}

/** The pod that is looked at, over the event that is its marker. */
function BigPointer({ pointer: { x, letter, isBroken } }: { readonly pointer: Pointer }) {
  return (
    <g className={styles.pointer} data-testid="lab-pointer">
      <path d={diamond(x, 34, half)} className={styles.solid} />
      <text x={x} y={38.6} className={styles.letter}>
        {letter}
      </text>
      <path d={`M${x} 54V90`} className={styles.arrow} />
      <path d={`m${x - 4} 86 4 5 4-5`} className={styles.arrowHead} />
      {isBroken && (
        <>
          <path d={`M${x + 19} ${y}h26m-4-6 12 12m0-12-12 12`} className={styles.broken} />
          <text x={x + 47} y={136} className={styles.nothing}>
            null
          </text>
        </>
      )}
    </g>
  );
}

interface SmallPointerProps {
  readonly pointer: Pointer;
  readonly index: number;
  readonly onChoose: (uid: string) => void;
}

/** Another pod in flight, over its marker. */
function SmallPointer({ pointer: { uid, x, letter }, index, onChoose }: SmallPointerProps) {
  const at = x + index * 6;
  return (
    <g className={styles.other} {...pressing(`pod ${letter}, in flight`, false, () => onChoose(uid))}>
      <path d={diamond(at, 80, 10)} />
      <text x={at} y={83.6}>
        {letter}
      </text>
    </g>
  );
}

interface UnseenProps {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly width: number;
}

function Unseen({ from, to, label, width }: UnseenProps) {
  const left = from - 22;
  const right = to + 22;
  const isRoomy = right + 110 < width;
  return (
    <g className={styles.unseen}>
      <path d={`M${left} 158H${right}M${left} 154v8M${right} 154v8`} />
      <text
        x={isRoomy ? right + 8 : (left + right) / 2}
        y={isRoomy ? 162 : 174}
        className={isRoomy ? undefined : styles.centred}
      >
        {label}
      </text>
    </g>
  );
}

/** Beside the pointer, where it does not stand in the way. */
function Captions({ chain, scheme }: { readonly chain: Chain; readonly scheme: "historical" | "current" }) {
  const pointerX = scheme === "historical" ? chain.focus?.x : undefined;
  const isLeft = pointerX !== undefined && pointerX > 140;
  const x = pointerX === undefined ? 14 : isLeft ? pointerX - 27 : pointerX + 27;
  return (
    <g className={classNames(styles.captions, isLeft && styles.fromRight)}>
      {chain.captions.map((line, index) => (
        <text key={line} x={x} y={31 + index * 16} className={index === 0 ? styles.first : undefined}>
          {line}
        </text>
      ))}
    </g>
  );
}
