import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { CommentDTO } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { excessOf, says } from "@/data/lengths.ts";
import { comment, commentsQuery, tensionKeys } from "@/data/tensions.ts";
import { useWrite } from "@/data/useWrite.ts";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Problem } from "@/ui/Problem.tsx";
import { Refusal } from "@/ui/Refusal.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { onSend } from "@/ui/send.ts";
import { When } from "@/ui/When.tsx";

/** What people say of it, the oldest first, and a field to say something. */
export function Comments({ id, writes }: { id: string; writes: boolean }) {
  const { t } = useMessages();
  const { client } = useServices();
  const found = useInfiniteQuery(commentsQuery(client, id));
  const comments = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {found.isPending && <Skeleton rows={2} />}
      {found.error && !found.isFetchNextPageError && !found.data && (
        <Problem error={found.error} retry={() => void found.refetch()} />
      )}
      {found.data && comments.length === 0 && <p className="text-soft">{t("comments.none")}</p>}
      <ol className="max-w-[72ch]">
        {comments.map((one) => (
          <Comment key={one.id} comment={one} />
        ))}
      </ol>
      {found.isFetchNextPageError && <Problem error={found.error} retry={() => void found.fetchNextPage()} />}
      {found.hasNextPage && (
        <Button className="mt-3" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("comments.more")}
        </Button>
      )}
      {writes && <Write id={id} />}
    </>
  );
}

function Comment({ comment }: { comment: CommentDTO }) {
  return (
    <li className="border-b border-line py-3">
      <p className="flex flex-wrap justify-between gap-x-4 text-13 text-soft">
        <bdi className="min-w-0 break-words">{comment.author.fullName}</bdi>
        <When at={comment.occurredAt} />
      </p>
      <p dir="auto" lang={comment.language ?? undefined} className="whitespace-pre-wrap break-words">
        {comment.text}
      </p>
    </li>
  );
}

const WRITTEN_IN = 2_000;

function Write({ id }: { id: string }) {
  const { t } = useMessages();
  const { client } = useServices();
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const [outcome, setOutcome] = useState("");
  const write = useWrite((body: { text: string }, key) => comment(client, id, body, key), {
    onDone: (stands, body) => {
      setText((now) => (now.trim() === body.text ? "" : now));
      setOutcome(stands ? t("comments.written") : t("write.beingWritten"));
      setTimeout(() => void queries.invalidateQueries({ queryKey: tensionKeys.one(id) }), stands ? 0 : WRITTEN_IN);
    },
  });

  const ready = says(text) && excessOf(text) === 0 && !write.isPending;

  function send() {
    if (!ready) return;
    setOutcome("");
    write.mutate({ text: text.trim() });
  }

  return (
    <div className="mt-4 max-w-[72ch]">
      <Field
        label={t("comments.label")}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onSend(send)}
      />
      <div className="mt-2 flex flex-wrap items-center gap-3">
        <Button aria-disabled={!ready} onClick={send}>
          {t("comments.send")}
        </Button>
        <span role="status" className="text-13 text-soft">
          {write.isPending ? t("write.sending") : outcome}
        </span>
      </div>
      <Refusal error={write.error} />
    </div>
  );
}
