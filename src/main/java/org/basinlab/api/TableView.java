package org.basinlab.api;

import java.util.List;
import org.basinlab.ledger.ResultRow;

/**
 * The table of a study: mean, standard deviation and number of every metric by arm, scheme and group size.
 *
 * @param sql a statement over the views that gives the single numbers of it
 */
record TableView(List<ResultRow> rows, String sql) {}
