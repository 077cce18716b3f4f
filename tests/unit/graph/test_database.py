"""How queries reach Neo4j."""

from graph.database import _of_one_map


def test_a_query_takes_whatever_it_takes_from_one_map() -> None:
    query = "MATCH (n:$($label) {id: $id}) WHERE n.createdAt <= $after1 RETURN n LIMIT $limit"
    assert _of_one_map(query) == (
        "MATCH (n:$($p.label) {id: $p.id}) WHERE n.createdAt <= $p.after1 RETURN n LIMIT $p.limit"
    )
