namespace Understudy.Training.Classification;

/// <summary>How the learning rate goes over a training.</summary>
public enum RateSchedule
{
    /// <summary>
    /// Up along half a cosine for the warm-up (30 % of the steps where nothing else is said), then down to nothing.
    /// </summary>
    OneCycle,

    /// <summary>Down to nothing along half a cosine (Loshchilov and Hutter, arXiv 1608.03983, without restarts).</summary>
    Cosine,

    /// <summary>The peak throughout, halved each time that three epochs have passed without a better one.</summary>
    Plateau,
}
