namespace Understudy.Training.Classification;

/// <summary>An epoch's line of stats.jsonl.</summary>
internal static class EpochLine
{
    private const string Epoch = "epoch", LearningRate = "learning_rate", Accuracy = "validation_accuracy",
        Nll = "validation_nll", Step = "step";

    /// <summary>The name under which every step's loss is remembered.</summary>
    public const string TrainLoss = "train_loss";

    /// <param name="steps">The means of the epoch's steps, which begin anew.</param>
    public static IReadOnlyDictionary<string, double> Of(TickStats steps, int epoch, double learningRate,
        ValidationScore score) =>
        new Dictionary<string, double>(steps.Take())
        {
            [Epoch] = epoch,
            [LearningRate] = learningRate,
            [Accuracy] = score.Accuracy,
            [Nll] = score.Nll
        };

    /// <summary>A line that was read, as a record.</summary>
    public static EpochStats Read(IReadOnlyDictionary<string, double> line) =>
        new((int)line[Epoch], (long)line[Step], line[TrainLoss], line[Accuracy], line[Nll]);
}
