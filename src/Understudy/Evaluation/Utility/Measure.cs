namespace Understudy.Evaluation.Utility;

/// <summary>The numbers of the study's table. All but <see cref="MacroAuroc"/> follow from the confusion matrix alone.</summary>
public enum Measure
{
    /// <summary>The share of test images whose most probable class is the true one.</summary>
    Accuracy,
    /// <summary>F1 of each class, averaged plainly over classes.</summary>
    MacroF1,
    /// <summary>One-vs-rest area under the ROC curve, averaged over the classes the test set has.</summary>
    MacroAuroc,
    /// <summary>Precision of each class, averaged plainly over classes.</summary>
    MacroPrecision,
    /// <summary>Recall of each class, averaged plainly over classes.</summary>
    MacroRecall,
}
