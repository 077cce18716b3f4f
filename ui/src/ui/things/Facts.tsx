import { namesOf } from "./facts.ts";
import { PropertyName, Value } from "./Value.tsx";

interface Props {
  label: string;
  properties: Record<string, unknown>;
}

/** Everything that a thing says of itself, each with its name. */
export function Facts({ label, properties }: Props) {
  return (
    <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[max-content_minmax(0,1fr)]">
      {namesOf(properties).map((name) => (
        <div key={name} className="contents">
          <dt className="text-soft max-sm:mt-1 max-sm:text-13">
            <PropertyName name={name} />
          </dt>
          <dd className="min-w-0 max-w-[72ch] break-words">
            <Value label={label} name={name} value={properties[name]} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
