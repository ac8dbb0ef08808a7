namespace Understudy.Evaluation.Utility;

/// <summary>Everything one test says, computed from one <see cref="Predictions"/> over the whole set.</summary>
/// <param name="Classes">Class names in label order.</param>
/// <param name="Count">Test images.</param>
/// <param name="Nll">Mean −ln p(true class), nats.</param>
/// <param name="Ece">Expected calibration error, 15 bins.</param>
public sealed record Scores(
    IReadOnlyList<string> Classes, int Count, ConfusionMatrix Confusion, ClassificationMetrics Metrics, Auroc Auroc, double Nll,
    double Ece)
{
    /// <exception cref="InvalidDataException">No image was tested.</exception>
    public static Scores From(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if (predictions.Count == 0)
            throw new InvalidDataException("predictions: no image was tested, so there is nothing to measure");
        var confusion = ConfusionMatrix.From(predictions);
        return new(predictions.Classes, predictions.Count, confusion, ClassificationMetrics.From(confusion),
            Auroc.From(predictions),
            Calibration.NegativeLogLikelihood(predictions), Calibration.ExpectedError(predictions));
    }

    /// <summary>A number of the table; NaN for an area that no class has.</summary>
    public double this[Measure measure] => measure switch
    {
        Measure.Accuracy => Metrics.Accuracy,
        Measure.MacroF1 => Metrics.Macro.F1,
        Measure.MacroAuroc => Auroc.Macro ?? double.NaN,
        Measure.MacroPrecision => Metrics.Macro.Precision,
        Measure.MacroRecall => Metrics.Macro.Recall,
        _ => throw new ArgumentOutOfRangeException(nameof(measure)),
    };

    /// <summary>The classes' areas, weighted by the test images of each; NaN where no class has one.</summary>
    public double WeightedAuroc
    {
        get
        {
            var areas = Auroc.PerClass.Index().Where(a => a.Item is not null)
                .Select(a => (Area: a.Item!.Value, Images: Confusion.Support(a.Index))).ToArray();
            return areas.Length == 0 ? double.NaN : areas.Sum(a => a.Area * a.Images) / areas.Sum(a => a.Images);
        }
    }

    /// <summary>What a reader must know beside the numbers: classes the test set lacks, and classes never predicted.</summary>
    public IReadOnlyList<string> Notes()
    {
        var notes = new List<string>();
        Add(c => c.Support == 0, "the test set has no image of {0}: recall and F1 count as 0, and AUROC leaves it out");
        Add(c => c.Support > 0 && c.Predicted == 0, "never predicted: {0}; precision and F1 count as 0");
        return notes;

        void Add(Func<ClassMetrics, bool> which, string text)
        {
            var names = Classes.Where((_, k) => which(Metrics.PerClass[k])).ToArray();
            if (names.Length > 0) notes.Add(text.Replace("{0}", string.Join(", ", names), StringComparison.Ordinal));
        }
    }
}
