/** A thing by what leads to it. */
export interface Placed {
  label: string;
  id: string;
}

/** The address of a thing's page. */
export type Place =
  | { to: "/tensions/$tensionId"; params: { tensionId: string } }
  | { to: "/decisions/$decisionId"; params: { decisionId: string } }
  | { to: "/recognitions/$recognitionId"; params: { recognitionId: string } }
  | { to: "/things/$id"; params: { id: string } };

/** Which page a thing has: that of its kind, else the general one. */
export function placeOf({ label, id }: Placed): Place {
  if (label === "Tension") return { to: "/tensions/$tensionId", params: { tensionId: id } };
  if (label === "Decision") return { to: "/decisions/$decisionId", params: { decisionId: id } };
  if (label === "Recognition") return { to: "/recognitions/$recognitionId", params: { recognitionId: id } };
  return { to: "/things/$id", params: { id } };
}
