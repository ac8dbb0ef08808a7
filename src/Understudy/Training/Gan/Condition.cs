namespace Understudy.Training;

/// <summary>How the networks are told the class.</summary>
public enum Condition
{
    /// <summary>Not at all: classes are not learned.</summary>
    None,

    /// <summary>One-hot: each class has an embedding of its own.</summary>
    Classes,

    /// <summary>
    /// The label as one number (c_dim = 1), which StyleGAN2-ADA's own tool does to a data set whose labels are numbers in lists.
    /// All classes but the first then share one embedding's direction, and normalising leaves nothing but the direction: for
    /// comparison only.
    /// </summary>
    Scalar,
}
