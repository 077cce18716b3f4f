import { useId } from "react";
import { useMessages } from "@/messages/react.tsx";
import type { Fault } from "./answer.ts";
import { FieldHint, FieldLabel, OptionName } from "./FieldWords.tsx";
import type { Field } from "./fields.ts";
import { FAULTS } from "./words.ts";

interface Props {
  field: Field;
  value: string;
  fault: Fault | undefined;
  /** What the gateway says of it. */
  refused: string | undefined;
  onChange: (value: string) => void;
}

const BOX = "mt-1 block w-full max-w-[72ch] rounded border border-line bg-ground px-3 py-2";

/** One field of an answer, in the shape of what it asks for. */
export function FieldInput({ field, value, fault, refused, onChange }: Props) {
  const { t } = useMessages();
  const id = useId();
  const said = {
    id,
    name: `field.${field.name}`,
    "aria-invalid": fault !== undefined || refused !== undefined,
    "aria-describedby": `${id}-hint ${id}-fault`,
  };
  const label = (
    <>
      <FieldLabel field={field} />
      {!field.required && <span className="text-13 font-normal text-soft"> {t("form.optional")}</span>}
    </>
  );
  const below = (
    <>
      <span id={`${id}-hint`} className="block text-13 text-soft">
        <FieldHint field={field} />
        {field.is === "number" && <Range field={field} />}
      </span>
      <span id={`${id}-fault`} role={fault ? "alert" : undefined} className="block text-13 font-medium">
        {fault ? t(FAULTS[fault]) : refused}
      </span>
    </>
  );
  if (field.is === "choice" || field.is === "flag") {
    const options =
      field.is === "choice"
        ? field.options
        : [
            { value: true, name: t("form.yes") },
            { value: false, name: t("form.no") },
          ];
    return (
      <fieldset className="mt-4" aria-describedby={said["aria-describedby"]}>
        <legend className="font-medium">{label}</legend>
        {below}
        <div className="mt-1 flex flex-col gap-1">
          {options.map((option) => {
            const one = JSON.stringify(option.value);
            return (
              <label key={one} className="flex max-w-[72ch] items-start gap-2 rounded px-2 py-1 hover:bg-sunk">
                <input
                  type="radio"
                  className="mt-1.5 shrink-0"
                  name={said.name}
                  value={one}
                  checked={value === one}
                  onChange={() => onChange(one)}
                />
                <span className="min-w-0 break-words">
                  <OptionName field={field} option={option} />
                </span>
              </label>
            );
          })}
        </div>
      </fieldset>
    );
  }
  if (field.is === "unknown") {
    return (
      <p className="mt-4 text-soft">
        <FieldLabel field={field} />: {t("fault.unknown")}
      </p>
    );
  }
  const long = field.is === "text" && (field.most ?? Number.POSITIVE_INFINITY) > 200;
  return (
    <div className="mt-4">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {long ? (
        <textarea
          {...said}
          dir="auto"
          rows={3}
          value={value}
          className={BOX}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <input
          {...said}
          dir="auto"
          inputMode={field.is === "number" ? (field.whole ? "numeric" : "decimal") : undefined}
          value={value}
          className={BOX}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {below}
    </div>
  );
}

function Range({ field }: { field: Extract<Field, { is: "number" }> }) {
  const { t } = useMessages();
  const { least, most } = field;
  if (least !== undefined && most !== undefined) return <> {t("form.between", { least, most })}</>;
  if (least !== undefined) return <> {t("form.least", { least })}</>;
  return most === undefined ? null : <> {t("form.most", { most })}</>;
}
