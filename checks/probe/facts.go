package probe

import "linecheck/checks"

// FactAnswers is what the walks over the product's own way saw, one []Answer for all addresses. Whoever needs no more
// than that need not walk again.
const FactAnswers checks.FactName = "path.answers"
