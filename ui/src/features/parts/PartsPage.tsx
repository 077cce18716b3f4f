import { type ReactNode, useState } from "react";
import { type ProblemDTO, TrmProblem } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog } from "@/ui/Dialog.tsx";
import { Field } from "@/ui/Field.tsx";
import { lookOf } from "@/ui/kinds.ts";
import { Page } from "@/ui/Page.tsx";
import { Problem } from "@/ui/Problem.tsx";
import { Refusal } from "@/ui/Refusal.tsx";
import { Select } from "@/ui/Select.tsx";
import { Severity } from "@/ui/Severity.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { When } from "@/ui/When.tsx";

const LABELS = ["Tension", "Project", "WIN", "Recognition", "KnowledgeSnippet", "Person", "Decision", "Comment"];
const LONG = "Nguyễn Thị Phương-Anh-Khánh-Huyền".repeat(6);

const REFUSED = new TrmProblem({
  type: "about:blank",
  title: "Conflict",
  status: 409,
  code: "illegalTransition",
  detail: "a closed tension is reopened before it is moved",
} as ProblemDTO);

/** Every shared part in every state, for whoever changes one; nothing leads here. */
export function PartsPage() {
  const [open, setOpen] = useState(false);
  const { language } = useMessages();
  return (
    <Page title="Parts" lead={`What pages are made of (${language})`}>
      <Part name="Button">
        <Button look="main">main</Button>
        <Button>quiet</Button>
        <Button look="bare">bare</Button>
        <Button look="main" disabled>
          main, disabled
        </Button>
        <Button disabled>quiet, disabled</Button>
        <Button aria-pressed className="aria-pressed:bg-sunk">
          pressed
        </Button>
      </Part>
      <Part name="Severity">
        {[1, 2, 3, 4].map((value) => (
          <Severity key={value} value={value} />
        ))}
      </Part>
      <Part name="kinds">
        {LABELS.map((label) => {
          const { icon: Icon, hue } = lookOf(label);
          return (
            <span key={label} className="flex items-center gap-2">
              <Icon size={20} style={{ color: hue }} aria-hidden="true" /> {label}
            </span>
          );
        })}
      </Part>
      <Part name="When">
        {[0, 3_600_000, 86_400_000, 4e10].map((ago) => (
          <When key={ago} at={new Date(Date.now() - ago).toISOString()} />
        ))}
      </Part>
      <Part name="Field">
        <div className="w-full max-w-[72ch]">
          <Field label="empty" placeholder="what may stand here" help="what it is for" />
          <Field label="long" defaultValue={`${LONG} 🌮 مرحبا`} className="mt-3" />
        </div>
      </Part>
      <Part name="Select">
        <Select
          label="one of two"
          value="a"
          options={[
            ["a", "the first"],
            ["b", LONG],
          ]}
          onChange={() => undefined}
        />
      </Part>
      <Part name="Dialog">
        <Button onClick={() => setOpen(true)}>open</Button>
        {open && (
          <Dialog label="a dialog" onClose={() => setOpen(false)}>
            <p className="break-words">{LONG}</p>
            <Button onClick={() => setOpen(false)}>close</Button>
          </Dialog>
        )}
      </Part>
      <Part name="Refusal">
        <div className="w-full">
          <Refusal error={REFUSED} />
          <Refusal error={new TypeError("failed to fetch")} />
        </div>
      </Part>
      <Part name="Problem">
        <div className="w-full">
          <Problem error={REFUSED} />
          <Problem error={new TypeError("failed to fetch")} retry={() => undefined} />
        </div>
      </Part>
      <Part name="Skeleton">
        <div className="w-full">
          <Skeleton rows={2} />
        </div>
      </Part>
    </Page>
  );
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section className="mt-8">
      <h2 className="text-18 font-semibold">{name}</h2>
      <div className="mt-2 flex flex-wrap items-center gap-4">{children}</div>
    </section>
  );
}
