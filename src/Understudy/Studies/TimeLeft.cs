namespace Understudy.Studies;

/// <summary>How long the open stages of a study take from now on: an estimate, better with every stage that ends.</summary>
internal static class TimeLeft
{
    /// <param name="all">The study's stages, done or not: the work of one goes by its inputs.</param>
    /// <param name="open">Those not done, in the order they are taken; those at work come first.</param>
    /// <param name="worked">How long a stage has been at work: zero for one that waits.</param>
    public static TimeSpan Of(CostModel costs, IReadOnlyList<Stage> all, IReadOnlyList<Stage> open, int jobs,
        Func<Stage, TimeSpan> worked) => TimeSpan.FromSeconds(
            Schedule.Seconds(open, jobs, s => Math.Max(0, costs.Seconds(s, all) - worked(s).TotalSeconds)));

    /// <summary>Before any of them has begun.</summary>
    public static TimeSpan Of(CostModel costs, IReadOnlyList<Stage> all, IReadOnlyList<Stage> open, int jobs) =>
        Of(costs, all, open, jobs, _ => TimeSpan.Zero);
}
