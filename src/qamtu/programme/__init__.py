"""The programme: what was promised, what is claimed, what is shown, and the gap between them.

Commitments, claims and evidence enter, as records with two times: when it was true and when it was
learned. The board leaves: for each commitment its state, grade, trajectory, light and
contradictions. Nothing here knows a database or a page.
"""
