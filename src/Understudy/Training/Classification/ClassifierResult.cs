namespace Understudy.Training.Classification;

/// <summary>One epoch of a training run.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Step">Steps done by its end.</param>
/// <param name="TrainLoss">Mean over its steps, smoothing and mixup included.</param>
/// <param name="ValidationAccuracy">Of the averaged weights, 0 to 1.</param>
/// <param name="ValidationNll">Mean −log p of the true class, in nats.</param>
public sealed record EpochStats(int Epoch, long Step, double TrainLoss, double ValidationAccuracy, double ValidationNll);

/// <summary>What a training run came to.</summary>
/// <param name="File">The classifier: the averaged weights of the best epoch.</param>
/// <param name="Best">The epoch of highest validation accuracy; of equals that of lower NLL, then the earlier.</param>
/// <param name="Curve">All epochs in order.</param>
public sealed record ClassifierResult(string File, EpochStats Best, IReadOnlyList<EpochStats> Curve);
