"""KnowledgeReindexAgent: gives every text a vector of the model that is set, then has that model searched."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.reindexing import ReindexActivities, ReindexPlace
    from workflows import policies

_BETWEEN = timedelta(seconds=10)
"""Pause before another pass."""


@workflow.defn
class KnowledgeReindexWorkflow:
    """Goes through all texts; search answers from the former vectors until the last one stands."""

    @workflow.init
    def __init__(self, place: ReindexPlace) -> None:
        self._place = place

    @workflow.query
    def progress(self) -> ReindexPlace:
        """How far it is."""
        return self._place

    @workflow.run
    async def run(self, place: ReindexPlace) -> ReindexPlace:
        """Page after page; what was written meanwhile by a worker of the former model needs another pass."""
        if not place.total:
            total = await policies.short_step(ReindexActivities.count_texts, place.model)
            self._place = place.model_copy(update={"total": total})
        while not workflow.info().is_continue_as_new_suggested():
            reached = await workflow.execute_activity_method(
                ReindexActivities.reindex_page,
                self._place,
                start_to_close_timeout=policies.BULK_STEP,
                heartbeat_timeout=policies.HEARTBEAT,
                retry_policy=policies.PROVIDER,
            )
            if reached is not None:
                self._place = reached
                continue
            missing = await policies.short_step(ReindexActivities.use_reindexed, place.model)
            if not missing:
                return self._place
            workflow.set_current_details(f"{missing} texts had no vector at the end of a pass")
            await workflow.sleep(_BETWEEN)
            self._place = ReindexPlace(model=place.model, stored=self._place.stored, total=self._place.total)
        return workflow.continue_as_new(self._place)
