"""Statistics that the platform needs, exact and vectorised: numbers in, numbers out, nothing about the NHS
inside."""

from __future__ import annotations

from joinedup.stats.change import Aim, Change, ChangeVerdict, change_verdict
from joinedup.stats.competing import CumulativeIncidence, IncidenceSummary, cumulative_incidence, incidence_at
from joinedup.stats.control_charts import SpecialCause, XmrLimits, xmr_limits, xmr_rules
from joinedup.stats.difference_in_differences import DifferenceInDifferences, difference_in_differences
from joinedup.stats.funnel import (
    Z_95,
    Z_998,
    Outliers,
    Verdict,
    funnel_centre,
    funnel_limits,
    funnel_outliers,
    funnel_verdict,
)
from joinedup.stats.funnel_counts import (
    FEWEST_STANDARDISED,
    expected_on_lines,
    population_behind,
    rate_limits,
    rate_verdict,
    ratio_limits,
    ratio_verdict,
)
from joinedup.stats.hazards import CoxModel, cox_regression
from joinedup.stats.inequality import SlopeIndex, slope_index_of_inequality
from joinedup.stats.interrupted_time_series import InterruptedTimeSeries, interrupted_time_series
from joinedup.stats.intervals import (
    difference_of_proportions,
    exact_interval,
    poisson_interval,
    proportion,
    ratio_of_proportions,
    wilson_interval,
)
from joinedup.stats.length_of_stay import (
    LengthOfStay,
    LengthOfStayChange,
    PeriodStays,
    length_of_stay,
    length_of_stay_change,
    stays_in,
    ways_out,
)
from joinedup.stats.life_expectancy import LifeExpectancy, life_expectancy
from joinedup.stats.logistic import LogisticFit, logistic_regression, standardised_risks
from joinedup.stats.logrank import LogRank, logrank_test
from joinedup.stats.making_data_count import Assurance
from joinedup.stats.making_data_count import Variation as VariationIcon
from joinedup.stats.means import logarithmic_mean
from joinedup.stats.means_of_groups import Means, means_of_groups
from joinedup.stats.multiple import benjamini_hochberg, holm
from joinedup.stats.overdispersion import (
    OverdispersedFunnel,
    Overdispersion,
    overdispersed_funnel,
    overdispersed_limits,
    overdispersion,
    unadjusted_limits,
)
from joinedup.stats.quantiles import assigned_quantiles
from joinedup.stats.rates import (
    Proportions,
    Rates,
    crude_proportions,
    crude_rates,
    difference_of_rates,
    ratio_of_rates,
)
from joinedup.stats.rebasing import RebaseSuggestion, rebase_rows, suggest_rebase
from joinedup.stats.run_charts import RunChart, run_chart
from joinedup.stats.shewhart import (
    ControlChart,
    c_chart,
    g_chart,
    i_chart,
    i_prime_chart,
    mr_chart,
    p_chart,
    p_prime_chart,
    t_chart,
    u_chart,
    u_prime_chart,
)
from joinedup.stats.slope_index import SlopeIndices, slope_and_relative_index
from joinedup.stats.slope_scale import ValueType
from joinedup.stats.standardisation import (
    DirectlyStandardised,
    IndirectlyStandardised,
    directly_standardised_rates,
    indirectly_standardised_rates,
    indirectly_standardised_ratios,
)
from joinedup.stats.survival import LimitScale, SurvivalCurves, survival_curve
from joinedup.stats.survival_summaries import (
    CurveSummary,
    RestrictedMeans,
    restricted_mean,
    restricted_mean_difference,
    survival_at,
    survival_quantiles,
)
from joinedup.stats.synthetic_control import SyntheticControl, synthetic_control
from joinedup.stats.variation import (
    Limited,
    RandomEffects,
    Shrunken,
    Spread,
    Variation,
    excess_variance,
    random_effects,
    shrunken_estimates,
    variation,
)
from joinedup.stats.who_concentration import absolute_concentration_index, relative_concentration_index
from joinedup.stats.who_dispersion import (
    between_group_standard_deviation,
    between_group_variance,
    between_group_variation,
    index_of_disparity,
    mean_difference_from_best,
    mean_difference_from_mean,
    mean_difference_from_reference,
)
from joinedup.stats.who_entropy import mean_log_deviation, theil_index
from joinedup.stats.who_logistic import logistic_slope_index
from joinedup.stats.who_pairwise import (
    population_attributable_fraction,
    population_attributable_risk,
    subgroup_difference,
    subgroup_ratio,
)
from joinedup.stats.who_subgroups import Inequality
from joinedup.stats.xmr import Stretches, XmrChart, xmr_chart

__all__ = [
    "FEWEST_STANDARDISED",
    "Z_95",
    "Z_998",
    "Aim",
    "Assurance",
    "Change",
    "ChangeVerdict",
    "ControlChart",
    "CoxModel",
    "CumulativeIncidence",
    "CurveSummary",
    "DifferenceInDifferences",
    "DirectlyStandardised",
    "IncidenceSummary",
    "IndirectlyStandardised",
    "Inequality",
    "InterruptedTimeSeries",
    "LengthOfStay",
    "LengthOfStayChange",
    "LifeExpectancy",
    "LimitScale",
    "Limited",
    "LogRank",
    "LogisticFit",
    "Means",
    "Outliers",
    "OverdispersedFunnel",
    "Overdispersion",
    "PeriodStays",
    "Proportions",
    "RandomEffects",
    "Rates",
    "RebaseSuggestion",
    "RestrictedMeans",
    "RunChart",
    "Shrunken",
    "SlopeIndex",
    "SlopeIndices",
    "SpecialCause",
    "Spread",
    "Stretches",
    "SurvivalCurves",
    "SyntheticControl",
    "ValueType",
    "Variation",
    "VariationIcon",
    "Verdict",
    "XmrChart",
    "XmrLimits",
    "absolute_concentration_index",
    "assigned_quantiles",
    "benjamini_hochberg",
    "between_group_standard_deviation",
    "between_group_variance",
    "between_group_variation",
    "c_chart",
    "change_verdict",
    "cox_regression",
    "crude_proportions",
    "crude_rates",
    "cumulative_incidence",
    "difference_in_differences",
    "difference_of_proportions",
    "difference_of_rates",
    "directly_standardised_rates",
    "exact_interval",
    "excess_variance",
    "expected_on_lines",
    "funnel_centre",
    "funnel_limits",
    "funnel_outliers",
    "funnel_verdict",
    "g_chart",
    "holm",
    "i_chart",
    "i_prime_chart",
    "incidence_at",
    "index_of_disparity",
    "indirectly_standardised_rates",
    "indirectly_standardised_ratios",
    "interrupted_time_series",
    "length_of_stay",
    "length_of_stay_change",
    "life_expectancy",
    "logarithmic_mean",
    "logistic_regression",
    "logistic_slope_index",
    "logrank_test",
    "mean_difference_from_best",
    "mean_difference_from_mean",
    "mean_difference_from_reference",
    "mean_log_deviation",
    "means_of_groups",
    "mr_chart",
    "overdispersed_funnel",
    "overdispersed_limits",
    "overdispersion",
    "p_chart",
    "p_prime_chart",
    "poisson_interval",
    "population_attributable_fraction",
    "population_attributable_risk",
    "population_behind",
    "proportion",
    "random_effects",
    "rate_limits",
    "rate_verdict",
    "ratio_limits",
    "ratio_of_proportions",
    "ratio_of_rates",
    "ratio_verdict",
    "rebase_rows",
    "relative_concentration_index",
    "restricted_mean",
    "restricted_mean_difference",
    "run_chart",
    "shrunken_estimates",
    "slope_and_relative_index",
    "slope_index_of_inequality",
    "standardised_risks",
    "stays_in",
    "subgroup_difference",
    "subgroup_ratio",
    "suggest_rebase",
    "survival_at",
    "survival_curve",
    "survival_quantiles",
    "synthetic_control",
    "t_chart",
    "theil_index",
    "u_chart",
    "u_prime_chart",
    "unadjusted_limits",
    "variation",
    "ways_out",
    "wilson_interval",
    "xmr_chart",
    "xmr_limits",
    "xmr_rules",
]
