namespace Understudy.Training.Classification;

/// <summary>
/// The learning rate of a training by its options: of the step, and for a plateau of what the epochs have come to.
/// </summary>
internal sealed class ClassifierRate(ClassifierOptions options, long totalSteps)
{
    /// <summary>Epochs without a better one, and what the rate is then multiplied by.</summary>
    public const int Patience = 3;

    private const double Factor = .5, OneCycleWarmUp = .3;

    private int _cuts, _lastCut;

    /// <param name="step">0 to all steps − 1.</param>
    public double At(long step) => options.Schedule switch
    {
        RateSchedule.OneCycle => Schedules.OneCycle(step, totalSteps, options.PeakRate, options.WarmUp ?? OneCycleWarmUp),
        RateSchedule.Cosine => Schedules.Cosine(step, totalSteps, options.PeakRate, options.WarmUp ?? 0),
        _ => Schedules.WarmUp(step, totalSteps, options.PeakRate, options.WarmUp ?? 0) * Math.Pow(Factor, _cuts),
    };

    /// <param name="epoch">The epoch that is over, from 1.</param>
    /// <param name="best">The best so far.</param>
    public void EndEpoch(int epoch, int best)
    {
        if (options.Schedule == RateSchedule.Plateau && epoch - Math.Max(best, _lastCut) >= Patience)
            (_cuts, _lastCut) = (_cuts + 1, epoch);
    }

    /// <summary>Only a plateau has anything to remember; checkpoints of the others stay as they were.</summary>
    public void AddTo(TrainingState state)
    {
        if (options.Schedule == RateSchedule.Plateau)
            state.Add("rate_cuts", () => _cuts, v => _cuts = (int)v).Add("rate_last_cut", () => _lastCut, v => _lastCut = (int)v);
    }
}
