namespace Understudy.Training.Classification;

/// <summary>The best epoch so far: by validation accuracy, of equals by NLL, then the earlier.</summary>
internal sealed class BestEpoch
{
    /// <summary>From 1; 0 before the first validation.</summary>
    public int Epoch { get; private set; }

    public ValidationScore Score { get; private set; } = new(Accuracy: -1, Nll: double.PositiveInfinity);

    /// <summary>Takes note of an epoch.</summary>
    /// <returns>Whether it is the best now.</returns>
    public bool Take(int epoch, ValidationScore score)
    {
        if (!(score.Accuracy > Score.Accuracy || (score.Accuracy == Score.Accuracy && score.Nll < Score.Nll))) return false;
        (Epoch, Score) = (epoch, score);
        return true;
    }

    /// <summary>Whether so many epochs have passed without a better one that training ends after this one.</summary>
    public bool LostPatience(int epoch, ClassifierOptions options) => options.Patience > 0 && epoch - Epoch >= options.Patience;

    public void AddTo(TrainingState state) => state
        .Add("best_epoch", () => Epoch, v => Epoch = (int)v)
        .Add("best_accuracy", () => Score.Accuracy, v => Score = Score with { Accuracy = v })
        .Add("best_nll", () => Score.Nll, v => Score = Score with { Nll = v });
}
