"""One recorded iteration, indexed once for explanations, findings and questions; and what can be observed in it."""
