package org.basinlab.api;

import java.util.List;
import org.basinlab.ledger.ResultRow;

/** The table of a study: mean, standard deviation and number of every metric by arm, scheme and group size. */
record TableView(List<ResultRow> rows) {}
